package dev.dueline.system.faults;

import dev.dueline.system.process.FaultyProxy;
import dev.dueline.system.process.RedisServer;
import java.io.IOException;

/** A way in which one Redis can fail, how it begins, and how it ends. */
enum RedisFault {
  REFUSED(Expected.UNAVAILABLE) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) {
      redis.kill();
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) {
      redis.restart();
    }
  },
  UNREACHABLE(Expected.UNAVAILABLE) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) {
      network.refuse();
      network.cut();
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) {
      network.heal();
    }
  },
  RESET(Expected.NOTHING) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) {
      network.cut();
    }
  },
  STOPPED(Expected.UNAVAILABLE) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) {
      redis.stop();
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) {
      redis.resume();
    }
  },
  NETWORK_EATS_ALL(Expected.UNAVAILABLE) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) {
      network.swallow();
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) {
      network.forget();
    }
  },
  PAUSED(Expected.UNAVAILABLE) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("CLIENT", "PAUSE", Integer.toString(OWN_END_S * 1_000), "ALL");
    }
  },
  ASLEEP(Expected.UNAVAILABLE) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) {
      inBackground(redis, "DEBUG", "SLEEP", Integer.toString(OWN_END_S));
    }
  },
  LOADING(Expected.UNAVAILABLE) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("DEBUG", "POPULATE", "8000", "filling", "1000");
      redis.call("CONFIG", "SET", "key-load-delay", "2000");
      inBackground(redis, "DEBUG", "RELOAD");
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("CONFIG", "SET", "key-load-delay", "0");
    }
  },
  READONLY(Expected.NO_WRITES) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("REPLICAOF", "127.0.0.1", "1");
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("REPLICAOF", "NO", "ONE");
    }
  },
  MASTERDOWN(Expected.UNAVAILABLE) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("CONFIG", "SET", "replica-serve-stale-data", "no");
      redis.call("REPLICAOF", "127.0.0.1", "1");
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("REPLICAOF", "NO", "ONE");
    }
  },
  MISCONF(Expected.NO_WRITES) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("CONFIG", "SET", "save", "3600 1");
      redis.call("CONFIG", "SET", "dbfilename", "a-directory");
      redis.call("BGSAVE");
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("CONFIG", "SET", "save", "");
      redis.call("CONFIG", "SET", "dbfilename", "dump.rdb");
    }
  },
  NO_PERMISSION(Expected.REFUSED) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", "default", "-@all", "+acl", "+debug", "+client", "+ping");
      redis.call("CLIENT", "KILL", "TYPE", "normal");
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", "default", "+@all");
    }
  },
  NO_PASSWORD(Expected.REFUSED) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("CONFIG", "SET", "requirepass", "of-an-operator");
      network.cut();
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.as("default", "of-an-operator", "CONFIG", "SET", "requirepass", "");
    }
  },
  BUSY(Expected.UNAVAILABLE) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("CONFIG", "SET", "busy-reply-threshold", "50");
      inBackground(redis, "EVAL", "while true do end", "0");
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("SCRIPT", "KILL");
    }
  },
  NOREPLICAS(Expected.NO_WRITES) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("CONFIG", "SET", "min-replicas-to-write", "1");
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("CONFIG", "SET", "min-replicas-to-write", "0");
    }
  },
  OUT_OF_MEMORY(Expected.NO_ROOM) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("CONFIG", "SET", "maxmemory", "1");
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("CONFIG", "SET", "maxmemory", "0");
    }
  },
  SCRIPTS_FORGOTTEN(Expected.NOTHING) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("SCRIPT", "FLUSH");
    }
  },
  PUBSUB_ENDS(Expected.NOTHING) {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("CLIENT", "KILL", "TYPE", "pubsub");
    }
  };

  /** What clients notice of it. */
  enum Expected {
    /** Every call is answered UNAVAILABLE. */
    UNAVAILABLE,
    /** Every call is answered UNAVAILABLE, since Redis refuses. */
    REFUSED,
    /** Every call that changes something is answered UNAVAILABLE. */
    NO_WRITES,
    /** Schedule is answered RESOURCE_EXHAUSTED, and all else goes on. */
    NO_ROOM,
    /** Nothing, or one UNAVAILABLE. */
    NOTHING
  }

  /**
   * How long what nothing else can end lasts, in s: six are enough for all that is asked meanwhile,
   * on a machine that does not stand still.
   */
  private static final int OWN_END_S = 16;

  private final Expected expected;

  RedisFault(Expected expected) {
    this.expected = expected;
  }

  Expected expected() {
    return expected;
  }

  abstract void begin(RedisServer redis, FaultyProxy network) throws IOException;

  /** Nothing is to be done where it ends by itself. */
  void end(RedisServer redis, FaultyProxy network) throws IOException {}

  /** Its reply comes when the fault is over, or never. */
  private static void inBackground(RedisServer redis, String... words) {
    Thread caller =
        new Thread(
            () -> {
              try {
                redis.call(words);
              } catch (IOException e) {
                // It takes longer than anybody waits for it.
              }
            });
    caller.setDaemon(true);
    caller.start();
  }
}
