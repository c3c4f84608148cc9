package dev.dueline.system.faults;

import dev.dueline.system.process.FaultyProxy;
import dev.dueline.system.process.RedisServer;
import java.io.IOException;

/** A setting of Redis that refuses the user of the service, how it is made, and how taken back. */
enum RedisRefusal {
  ROTATED_PASSWORD {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", USER, "resetpass", ">another");
      network.cut();
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", USER, ">" + PASSWORD);
    }
  },
  USER_OFF {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", USER, "off");
      network.cut();
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", USER, "on");
    }
  },
  NO_SCRIPTING {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", USER, "-@scripting");
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", USER, "+@scripting");
    }
  },
  COMMAND_OF_SCRIPTS_REFUSED {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", USER, "-zadd", "-zrem");
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", USER, "+zadd", "+zrem");
    }
  },
  KEYS_REFUSED {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", USER, "resetkeys", "~other:*");
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", USER, "allkeys");
    }
  },
  CHANNELS_REFUSED {
    @Override
    void begin(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", USER, "resetchannels");
    }

    @Override
    void end(RedisServer redis, FaultyProxy network) throws IOException {
      redis.call("ACL", "SETUSER", USER, "allchannels");
    }
  };

  /** As whom the service comes to Redis. */
  static final String USER = "dueline";

  static final String PASSWORD = "a-password-of-a-test";

  abstract void begin(RedisServer redis, FaultyProxy network) throws IOException;

  abstract void end(RedisServer redis, FaultyProxy network) throws IOException;
}
