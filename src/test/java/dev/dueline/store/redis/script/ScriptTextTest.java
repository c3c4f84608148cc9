package dev.dueline.store.redis.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What of a script and its fragments Redis runs. */
class ScriptTextTest {
  @Test
  void functionsStayThatAreUsedDirectlyOrByOthers() {
    assertThat(
            ScriptText.of(
                """
                local function deep(x)
                  return x
                end
                local function direct(x) return deep(x) end
                local function unused()
                  return direct(1)
                end
                return direct(2)
                """))
        .isEqualTo(
            """
            local function deep(x)
              return x
            end
            local function direct(x) return deep(x) end
            return direct(2)
            """);
  }

  @Test
  void aNameInATextOrCommentUsesNothing() {
    assertThat(
            ScriptText.of(
                """
                local function head() return 1 end
                -- The head of it.
                return 'head'
                """))
        .isEqualTo("return 'head'\n");
  }

  @Test
  void constantsAreWrittenInTheirPlaces() {
    assertThat(
            ScriptText.of(
                """
                local LIMIT, SAME = 100, '\\254'
                local MASK = 2 ^ 31
                return {'LIMIT', LIMIT, SAME .. 'SAME', MASK, LIMITED}
                """))
        .isEqualTo(
            """
            local MASK = 2 ^ 31
            return {'LIMIT', 100, '\\254' .. 'SAME', MASK, LIMITED}
            """);
  }

  @Test
  void aTextMayHaveACommaInIt() {
    assertThat(ScriptText.of("local A, B = 'x, y', 2\nreturn A .. B"))
        .isEqualTo("return 'x, y' .. 2\n");
  }

  @Test
  void valuesThatAreTooFewAreRefused() {
    assertThatIllegalStateException().isThrownBy(() -> ScriptText.of("local A, B = 1\n"));
  }

  @ParameterizedTest
  @EnumSource
  void noScriptHasAFunctionThatItDoesNotUse(Script script) {
    String text = script.text();
    assertThat(ScriptText.of(text)).isEqualTo(text);
    assertThat(text).doesNotContain("--");
  }
}
