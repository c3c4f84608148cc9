package dev.dueline.grpc.reflection;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files of descriptors, with all that they import, by their names and by what they define:
 * messages, enums, services, methods, nested ones too. Immutable.
 */
final class DescriptorIndex {
  private final Map<String, FileDescriptor> byName = new HashMap<>();
  private final Map<String, FileDescriptor> bySymbol = new HashMap<>();
  private final Map<String, FileDescriptor> byMessage = new HashMap<>();

  DescriptorIndex(Collection<FileDescriptor> roots) {
    for (FileDescriptor file : withImports(roots)) {
      byName.put(file.getName(), file);
      file.getMessageTypes().forEach(this::add);
      file.getEnumTypes().forEach(this::add);
      file.getServices().forEach(this::add);
    }
    bySymbol.putAll(byMessage);
  }

  private void add(Descriptor message) {
    byMessage.put(message.getFullName(), message.getFile());
    message.getNestedTypes().forEach(this::add);
    message.getEnumTypes().forEach(this::add);
  }

  private void add(EnumDescriptor type) {
    bySymbol.put(type.getFullName(), type.getFile());
  }

  private void add(ServiceDescriptor service) {
    bySymbol.put(service.getFullName(), service.getFile());
    service.getMethods().forEach(method -> bySymbol.put(method.getFullName(), method.getFile()));
  }

  /** The file of a name as in imports; null: none has it. */
  @Nullable FileDescriptor file(String name) {
    return byName.get(name);
  }

  /** The file that defines a full name; null: none does. */
  @Nullable FileDescriptor definition(String symbol) {
    return bySymbol.get(symbol);
  }

  boolean hasMessage(String fullName) {
    return byMessage.containsKey(fullName);
  }

  /** These files, and those that they import, each once and before those that it imports. */
  static Set<FileDescriptor> withImports(Collection<FileDescriptor> roots) {
    Set<FileDescriptor> all = new LinkedHashSet<>(roots);
    Deque<FileDescriptor> open = new ArrayDeque<>(roots);
    while (!open.isEmpty()) {
      List<FileDescriptor> imports = open.remove().getDependencies();
      imports.stream().filter(all::add).forEach(open::add);
    }
    return all;
  }
}
