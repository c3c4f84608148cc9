package dev.dueline.store.redis.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.store.failure.StoreRefusesException;
import dev.dueline.store.failure.StoreUnavailableException;
import io.vertx.redis.client.impl.types.ErrorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The wordings were read off servers of each version, told over a bare socket to refuse: by ACL
 * SETUSER, CONFIG SET requirepass and maxclients, rename-command, and a wrong AUTH. Redis 6.2.5,
 * 6.2.14, 7.0.15, 7.2.6, 7.4.1, the branch of 8.0, 8.2.3; Valkey 7.2.7, 8.0.1, 8.1.8, 9.0.0, 9.1.2.
 * Those not named speak as the one before them.
 */
final class RefusalTest {
  private static final String OF_6 =
      "ERR Error running script (call to f_0123456789abcdef): @user_script:1: @user_script: 1: ";
  private static final String OF_7 = " script: 0123456789abcdef, on @user_script:1.";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "NO_PASSWORD      | all        | NOAUTH Authentication required.",
        "NO_PASSWORD      | Redis 6.2  | NOAUTH HELLO must be called with the client already"
            + " authenticated, otherwise the HELLO AUTH <user> <pass> option can be used",
        "NO_PASSWORD      | Redis 7.2  | NOAUTH HELLO must be called with the client already"
            + " authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used",
        "NO_PASSWORD      | all        | ERR Protocol error: unauthenticated multibulk length",
        "NO_PASSWORD      | all        | ERR Protocol error: unauthenticated bulk length",
        "WRONG_PASSWORD   | all        | WRONGPASS invalid username-password pair or user is"
            + " disabled.",
        "WRONG_PASSWORD   | all        | ERR AUTH <password> called without any password configured"
            + " for the default user. Are you sure your configuration is correct?",
        "NO_PERMISSION    | Redis 6.2  | NOPERM this user has no permissions to run the 'evalsha'"
            + " command or its subcommand",
        "NO_PERMISSION    | Redis 7.0  | NOPERM this user has no permissions to run the 'evalsha'"
            + " command",
        "NO_PERMISSION    | Redis 7.2  | NOPERM User u has no permissions to run the 'evalsha'"
            + " command",
        "NO_PERMISSION    | Redis 6.2  | NOPERM this user has no permissions to access one of the"
            + " keys used as arguments",
        "NO_PERMISSION    | Redis 7.2  | NOPERM No permissions to access a key",
        "NO_PERMISSION    | Redis 6.2  | NOPERM this user has no permissions to access one of the"
            + " channels used as arguments",
        "NO_PERMISSION    | Redis 7.2  | NOPERM No permissions to access a channel",
        "NO_PERMISSION    | Redis 6.2  | "
            + OF_6
            + "The user executing the script can't run this command or subcommand",
        "NO_PERMISSION    | Redis 7.0  | ERR The user executing the script can't run this command"
            + " or subcommand"
            + OF_7,
        "NO_PERMISSION    | Redis 7.2  | ERR ACL failure in script: User u has no permissions to"
            + " run the 'zadd' command"
            + OF_7,
        "NO_PERMISSION    | Valkey 9.1 | ERR ACL failure in script: User u has no permissions to"
            + " run the 'zadd' command script: on @user_script:1.",
        "NO_PERMISSION    | Redis 6.2  | "
            + OF_6
            + "The user executing the script can't access at least one of the keys mentioned in the"
            + " command arguments",
        "NO_PERMISSION    | Redis 7.0  | ERR The user executing the script can't access at least"
            + " one of the keys mentioned in the command arguments"
            + OF_7,
        "NO_PERMISSION    | Redis 7.2  | ERR ACL failure in script: No permissions to access a key"
            + OF_7,
        "NO_PERMISSION    | Redis 6.2  | "
            + OF_6
            + "The user executing the script can't publish to the channel mentioned in the command",
        "NO_PERMISSION    | Redis 7.0  | ERR The user executing the script can't publish to the"
            + " channel mentioned in the command"
            + OF_7,
        "NO_PERMISSION    | Redis 7.2  | ERR ACL failure in script: No permissions to access a"
            + " channel"
            + OF_7,
        "PROTECTED_MODE   | Redis 7.0  | DENIED Redis is running in protected mode because"
            + " protected mode is enabled and no password is set for the default user.",
        "PROTECTED_MODE   | Valkey 8.0 | DENIED Running in protected mode because protected mode is"
            + " enabled and no password is set for the default user.",
        "TOO_MANY_CLIENTS | all        | ERR max number of clients reached",
        "UNKNOWN_COMMAND  | Redis 6.2  | ERR unknown command `EVALSHA`, with args beginning with:"
            + " `0000`, `1`, `k`,",
        "UNKNOWN_COMMAND  | Redis 7.0  | ERR unknown command 'EVALSHA', with args beginning with:"
            + " '0000' '1' 'k'",
        "UNKNOWN_COMMAND  | Redis 6.2  | " + OF_6 + "Unknown Redis command called from Lua script",
        "UNKNOWN_COMMAND  | Redis 7.0  | ERR Unknown Redis command called from script" + OF_7,
        "UNKNOWN_COMMAND  | Valkey 8.0 | ERR Unknown command called from script" + OF_7,
      })
  void eachVersionIsUnderstood(Refusal expected, String version, String error) {
    assertThat(Refusal.of(error)).as(version).isEqualTo(expected);
    assertThat(RedisFailures.of(ErrorType.create(error)))
        .as(version)
        .isInstanceOf(StoreRefusesException.class)
        .hasMessageContaining(expected.remedy());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOADING Redis is loading the dataset in memory",
        "BUSY Valkey is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
        OF_6 + "-NOREPLICAS Not enough good replicas to write.",
        OF_6 + "-READONLY You can't write against a read only replica.",
        "MISCONF Valkey is configured to save RDB snapshots, but it's currently unable to persist",
        "ERR Script killed by user with SCRIPT KILL... script: 0123, on @user_script:1.",
        "ERR Script killed by user with SCRIPT KILL. script: on @user_script:1.",
        "ERR Error running script (call to f_01): @user_script:1: Script killed by user with SCRIPT"
            + " KILL...",
      })
  void whatPassesIsNone(String error) {
    assertThat(Refusal.of(error)).isNull();
    assertThat(RedisFailures.of(ErrorType.create(error)))
        .isExactlyInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void thePasswordOfACommandThatRedisDoesNotKnowIsLeftOut() {
    ErrorType error =
        ErrorType.create(
            "ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'u' 'secret'");
    assertThat(RedisFailures.reason(error)).contains("HELLO").doesNotContain("secret");
    assertThat(RedisFailures.of(error)).hasNoCause();
  }

  @Test
  void onlyAConnectionThatIsOfNoUseIsGivenUp() {
    assertThat(RedisFailures.needsNewConnection(ErrorType.create("NOAUTH so"))).isTrue();
    assertThat(RedisFailures.needsNewConnection(ErrorType.create("NOPERM so"))).isFalse();
  }
}
