"""The servers: each is ours alone, on 127.0.0.1 at a free port, with its files in a temporary
directory, and is ended by pid."""
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from rig.machine import REDIS, ROOT, cpu, free_port, rss, session


class Server:
    """One process. A subclass starts it in boot(), which sets proc and settings."""
    STOP = signal.SIGTERM
    START_S = 20

    def __init__(self, *opts):
        self.opts, self.proc, self.dir, self.log = opts, None, None, None

    def start(self):
        self.dir = tempfile.mkdtemp(prefix="peers-")
        self.log = open(os.path.join(self.dir, "server.log"), "w")
        self.port = free_port()
        self.boot()
        end = time.time() + self.START_S
        while time.time() < end:
            if self.proc.poll() is not None:
                raise RuntimeError("server died: " + open(self.log.name).read()[-500:])
            if self.up():
                return self
            time.sleep(0.05)
        raise RuntimeError("server not up")

    def up(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def stop(self):
        if self.proc and self.proc.poll() is None:
            self.proc.send_signal(self.STOP)
            try:
                self.proc.wait(20)
            except subprocess.TimeoutExpired:
                self.proc.kill()
                self.proc.wait()
        if self.dir:
            self.log.close()
            shutil.rmtree(self.dir, ignore_errors=True)

    def cpu(self):
        """CPU seconds so far: server_cpu, and the parts that it is the sum of, if there are any."""
        return {"server_cpu": cpu(self.proc.pid)}

    def memory(self):
        """Bytes in use, by kind; what each job adds to them is its cost."""
        return {"rss": rss(self.proc.pid)}

    def sizes(self):
        """Memory that does not grow with the jobs, in MB, by part."""
        return {}

    def settle(self):
        """Waits until the server is done with housekeeping."""

    def slowest(self):
        return {}


class Redis(Server):
    REWRITE_S = 300  # that of ten million jobs takes a minute or two

    def boot(self):
        fsync, more = (self.opts or ["everysec"])[0], self.opts[1:]
        self.settings = " ".join([f"appendonly yes, appendfsync {fsync}, save ''", *more])
        self.proc = subprocess.Popen(
            [REDIS, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.dir,
             "--save", "", "--appendonly", "yes", "--appendfsync", fsync, *more],
            stdout=self.log, stderr=self.log, preexec_fn=session)

    def cli(self, *a):
        return subprocess.run(["redis-cli", "-p", str(self.port), *a], capture_output=True,
                              text=True, errors="replace", timeout=30).stdout

    def up(self):
        return self.cli("PING").strip() == "PONG"

    def slowest(self):
        """The longest one command kept everyone else waiting, ms; 0: none took 10 ms."""
        log = json.loads(self.cli("--json", "SLOWLOG", "GET", "128"))
        return {"slowest_ms": max([x[2] / 1000 for x in log], default=0)}

    def settle(self):
        """Not while a rewrite of the append-only file holds copies."""
        end = time.time() + self.REWRITE_S
        while "aof_rewrite_in_progress:0" not in self.cli("INFO", "persistence"):
            if time.time() > end:
                raise RuntimeError("the append-only file is still being rewritten")
            time.sleep(0.2)
        time.sleep(1.5)

    def memory(self):
        self.settle()
        i = dict(x.split(":", 1) for x in self.cli("INFO", "memory").split() if ":" in x)
        return {"used": int(i["used_memory"]), "rss": int(i["used_memory_rss"])}


class Beanstalkd(Server):
    def boot(self):
        b = os.path.join(self.dir, "binlog")
        os.mkdir(b)
        self.settings = " ".join(self.opts) or "no binlog (memory only)"
        self.proc = subprocess.Popen(
            ["beanstalkd", "-l", "127.0.0.1", "-p", str(self.port),
             *[b if x == "DIR" else x for x in self.opts]],
            stdout=self.log, stderr=self.log, preexec_fn=session)


def as_user(who):  # last: after it nothing of root's can be done
    if who:
        os.setgroups([])
        os.setgid(who["group"])
        os.setuid(who["user"])


class Postgres(Server):
    STOP = signal.SIGINT  # fast shutdown

    def boot(self):
        versions = "/usr/lib/postgresql"
        bins = sorted(f"{versions}/{v}/bin" for v in os.listdir(versions))[-1]
        data = os.path.join(self.dir, "data")
        who = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            u = pwd.getpwnam("postgres")
            os.chown(self.dir, u.pw_uid, u.pw_gid)
            who = {"user": u.pw_uid, "group": u.pw_gid, "extra_groups": []}
        subprocess.run([f"{bins}/initdb", "-D", data, "-A", "trust", "-U", "bench", "--no-sync"],
                       check=True, stdout=self.log, stderr=self.log, cwd=self.dir, **who)
        extra = [x for o in self.opts for x in ("-c", o)]
        self.settings = "defaults" + "".join(f", {o}" for o in self.opts)
        self.psql = [f"{bins}/psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "bench", "-qAt"]
        self.proc = subprocess.Popen(
            [f"{bins}/postgres", "-D", data, "-p", str(self.port),
             "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.dir}",
             "-c", "max_connections=200", *extra],
            stdout=self.log, stderr=self.log, cwd=self.dir,
            preexec_fn=lambda: (session(), as_user(who)))

    def sql(self, q, db="bench"):
        return subprocess.run([*self.psql, "-d", db, "-c", q], capture_output=True, text=True,
                              timeout=60)

    def up(self):
        return self.sql("create database bench", "postgres").returncode == 0

    def memory(self):
        self.sql("checkpoint")
        return {"disk": int(self.sql("select pg_database_size('bench')").stdout or 0)}


class Dueline(Server):
    """The service as it is packaged, and the Redis that holds its jobs. The CPU time that it takes
    to start is not counted."""
    JAR = f"{ROOT}/target/quarkus-app/quarkus-run.jar"
    JVM = ["-Xmx1g", "-XX:+UseSerialGC"]
    START_S = 60

    def __init__(self, *more):
        super().__init__()
        self.jvm = [*self.JVM, *more]
        self.redis = Redis()

    def start(self):
        self.redis.start()
        super().start()
        self.started = self.spent()
        return self

    def boot(self):
        if not os.path.exists(self.JAR):
            raise RuntimeError("the service is not built: see setup.sh")
        self.http = free_port()
        self.settings = f"{' '.join(self.jvm)}; Redis: {self.redis.settings}"
        self.proc = subprocess.Popen(
            ["java", *self.jvm, f"-Dquarkus.redis.hosts=redis://127.0.0.1:{self.redis.port}",
             f"-Dquarkus.grpc.server.port={self.port}", f"-Dquarkus.management.port={self.http}",
             "-jar", self.JAR], stdout=self.log, stderr=self.log, cwd=self.dir, preexec_fn=session)

    def up(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/q/health/ready",
                                        timeout=5) as r:
                return r.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def stop(self):
        super().stop()
        self.redis.stop()

    def spent(self):
        return {"service_cpu": cpu(self.proc.pid), "redis_cpu": cpu(self.redis.proc.pid)}

    def cpu(self):
        parts = {k: v - self.started[k] for k, v in self.spent().items()}
        return {"server_cpu": sum(parts.values()), **parts}

    def memory(self):
        return self.redis.memory()

    def sizes(self):
        return {"service_rss_mb": round(rss(self.proc.pid) / 1e6, 1)}

    def settle(self):
        self.redis.settle()

    def slowest(self):
        return self.redis.slowest()
