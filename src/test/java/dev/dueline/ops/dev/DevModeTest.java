package dev.dueline.ops.dev;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.dueline.Main;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Only the command line leads into dev mode. */
class DevModeTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("dev.dueline");

  @Test
  void isNotWhatAProcessRunsIn() {
    assertThat(DevMode.current()).isEmpty();
    assertThat(DevMode.hasTestClock()).isFalse();
    DevMode.refuse("anything");
  }

  @Test
  void theClockMovesByItselfOnlyIfItMovesAtAll() {
    assertThatThrownBy(() -> new DevMode(false, true, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isEnteredByTheCommandAlone() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(DevService.class)
        .should()
        .callMethod(DevMode.class, "enter")
        .check(MAIN);
    noClasses()
        .that()
        .doNotBelongToAnyOf(Main.class, DevService.class)
        .should()
        .dependOnClassesThat()
        .areAssignableTo(DevService.class)
        .check(MAIN);
  }

  @Test
  void asksNoConfiguration() {
    noClasses()
        .that()
        .belongToAnyOf(DevMode.class, DevService.class)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.eclipse.microprofile.config..", "io.smallrye.config..")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class)
        .check(MAIN);
  }
}
