#!/usr/bin/env python3
"""Schedules and watches through all replicas, and tells what it saw. Needs grpcio and protobuf.

usage: rolling.py SERVICE_CONFIG DESCRIPTORS QUEUE JOBS_A_SECOND TARGET
       DESCRIPTORS: the API as a serialized FileDescriptorSet
Schedules until a line comes in, and ends once its input does. Prints a line for each thing seen:
scheduled ID, received ID ATTEMPT, acked ID, lost ID, moved, failed CALL REASON, stopped.
"""
import random
import sys
import threading
import time

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SERVICE = "dueline.v1.SchedulerService"
PATIENCE_S = 60
PAUSE_S = 0.2
LEASE_OK = 1

printing = threading.Lock()
stopping = threading.Event()
ending = threading.Event()


def say(*words):
    with printing:
        print(*words, flush=True)


def failed(call, error):
    say("failed", call, str(error.code()), " ".join(str(error.details()).split()))


def stood_still(error):
    """Whether the replica stood still with its machine: nothing was done, and nothing will be."""
    return "stood still" in (error.details() or "")


def again(call):
    while True:
        try:
            return call()
        except grpc.RpcError as error:
            if not stood_still(error):
                raise
            time.sleep(PAUSE_S)


class Api:
    """The calls of the service, without generated code."""

    def __init__(self, channel, descriptors):
        pool = descriptor_pool.DescriptorPool()
        with open(descriptors, "rb") as source:
            for file in descriptor_pb2.FileDescriptorSet.FromString(source.read()).file:
                pool.Add(file)
        for method in pool.FindServiceByName(SERVICE).methods:
            request, response = map(message_class, (method.input_type, method.output_type))
            streams = method.name == "WatchDue"
            kind = channel.unary_stream if streams else channel.unary_unary
            call = kind(
                f"/{SERVICE}/{method.name}",
                request_serializer=request.SerializeToString,
                response_deserializer=response.FromString,
            )
            setattr(self, method.name, call)
            setattr(self, method.name + "Request", request)


def message_class(descriptor):
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(descriptor.file.pool).GetPrototype(descriptor)


def watch(api, queue):
    """One stream after another; the next begins when the server asks to move."""
    request = api.WatchDueRequest(queues=[queue], max_outstanding_jobs=20)
    stream = api.WatchDue(request)
    threading.Thread(target=lambda: (ending.wait(), stream.cancel()), daemon=True).start()
    draining = False
    try:
        for event in stream:
            if event.HasField("draining") and not draining:
                draining = True
                say("moved")
                threading.Thread(target=watch, args=(api, queue), daemon=True).start()
            for job in event.due_jobs.jobs:
                say("received", job.job_id, job.attempt)
                work = threading.Timer(random.random() * 0.1, ack, (api, job))
                work.daemon = True
                work.start()
    except grpc.RpcError as error:
        expected = draining and error.code() == grpc.StatusCode.UNAVAILABLE
        if not expected and not ending.is_set():
            failed("WatchDue", error)
    if not draining and not ending.is_set():
        watch(api, queue)


def ack(api, job):
    try:
        request = api.AckRequest(lease_tokens=[job.lease_token])
        answer = again(lambda: api.Ack(request, timeout=PATIENCE_S))
        say("acked" if answer.outcomes[0] == LEASE_OK else "lost", job.job_id)
    except grpc.RpcError as error:
        failed("Ack", error)


def stored(api, job, call):
    try:
        call.result()
    except grpc.RpcError as error:
        if not stood_still(error):
            raise
        again(lambda: api.Schedule(job, timeout=PATIENCE_S))


def schedule(api, queue, pace):
    under_way, number = [], 0
    start = time.monotonic()
    while not stopping.wait(max(0, start + number / pace - time.monotonic())):
        number += 1
        job = api.ScheduleRequest(queue=queue, job_id=f"python-{number}")
        job.delay.FromMilliseconds(random.randrange(2000))
        call = api.Schedule.future(job, timeout=PATIENCE_S)
        under_way.append((job, call))
    for job, call in under_way:
        try:
            stored(api, job, call)
            say("scheduled", job.job_id)
        except grpc.RpcError as error:
            failed("Schedule", error)
    say("stopped")


def main(config, descriptors, queue, pace, target):
    with open(config, encoding="utf-8") as source:
        options = [
            ("grpc.service_config", source.read()),
            ("grpc.dns_min_time_between_resolutions_ms", 1000),
        ]
    with grpc.insecure_channel(target, options=options) as channel:
        api = Api(channel, descriptors)
        threading.Thread(target=watch, args=(api, queue), daemon=True).start()
        threading.Thread(target=schedule, args=(api, queue, float(pace)), daemon=True).start()
        sys.stdin.readline()
        stopping.set()
        sys.stdin.read()
        ending.set()


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
