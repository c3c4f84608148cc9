package dev.dueline.client.testing;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test an empty {@link DevService}, as a parameter of its method and of those before and
 * after each; all of one test are the same. A service is started with the first test of a JVM and
 * serves those after it; tests in parallel have one each.
 *
 * <pre>{@code
 * @ExtendWith(DuelineExtension.class)
 * class ReminderTest {
 *   @Test
 *   void comesInThreeDays(DevService dev) {
 * }</pre>
 */
public final class DuelineExtension implements ParameterResolver, AfterEachCallback {
  private static final Namespace OF_TEST = Namespace.create(DuelineExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == DevService.class
        && context.getTestMethod().isPresent();
  }

  @Override
  public DevService resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(OF_TEST)
        .getOrComputeIfAbsent(DevService.class, type -> DevService.start(), DevService.class);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    DevService dev = context.getStore(OF_TEST).remove(DevService.class, DevService.class);
    if (dev != null) {
      dev.close();
    }
  }
}
