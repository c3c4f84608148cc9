import { randomUUID } from 'node:crypto';
import {
  ConflictPolicy,
  JobState,
  MissedRunPolicy,
  ScheduleOutcome,
  ScheduleRequest,
  type ScheduleResponse,
} from '../gen/dueline/v1/scheduler.js';
import { duration } from './time.js';

/** The names of an enum of the contract that stand for something. */
export type Name<E> = Exclude<keyof E, 'UNSPECIFIED' | 'UNRECOGNIZED'>;

/** When and how a job runs. Times are milliseconds; more is said in scheduler.proto. */
export interface ScheduleOptions {
  /** Unique among the live jobs of its queue. Default: the server makes one. */
  id?: string;
  /** Due so long after now; or `at` a time. Neither: at once, or as the rule says. */
  in?: number;
  at?: Date;
  /** Runs again and again, by crontab(5) or after an interval. Needs an id. */
  cron?: string;
  every?: number;
  /** IANA name for `cron`. Default: UTC. */
  timeZone?: string;
  /** Of a series: no run is due after `until`; so many runs in all; what becomes of missed ones. */
  until?: Date;
  maxRuns?: number;
  missedRuns?: Name<typeof MissedRunPolicy>;
  attributes?: Record<string, string>;
  retry?: { maxAttempts?: number; initialBackoff?: number; maxBackoff?: number; multiplier?: number; jitter?: number };
  /** A job not delivered so long after it was due is dropped. Default: never. */
  ttl?: number;
  /** What happens when a live job has the id. Default: REJECT. */
  onConflict?: Name<typeof ConflictPolicy>;
  /** Names this request, so that a repeat is known. Default: a random one for each call. */
  requestId?: string;
}

/** What a call to schedule came to. */
export interface Scheduled {
  jobId: string;
  /** The due time in force. */
  due: Date | undefined;
  outcome: Name<typeof ScheduleOutcome>;
  /** What the first answer said, where this request was carried out before. */
  firstOutcome: Name<typeof ScheduleOutcome> | undefined;
  /** Where the job stands now; a DEAD one does not run. */
  jobState: Name<typeof JobState> | undefined;
}

export type Payload = string | Uint8Array;

export function toRequest(queue: string, payload: Payload, options: ScheduleOptions): ScheduleRequest {
  if (options.in !== undefined && options.at) throw new RangeError('in, or at, but not both');
  if (options.cron !== undefined && options.every !== undefined) throw new RangeError('cron, or every, but not both');
  const { retry } = options;
  return ScheduleRequest.fromPartial({
    queue,
    jobId: options.id,
    when: when(options),
    payload: Buffer.from(payload as Uint8Array),
    attributes: options.attributes,
    retryPolicy: retry && {
      ...retry,
      initialBackoff: duration(retry.initialBackoff),
      maxBackoff: duration(retry.maxBackoff),
    },
    ttl: duration(options.ttl),
    conflictPolicy: ConflictPolicy[options.onConflict ?? 'UNSPECIFIED'],
    recurrence: recurrence(options),
    requestId: options.requestId ?? randomUUID(),
  });
}

function when({ in: delay, at }: ScheduleOptions): ScheduleRequest['when'] {
  if (at) return { $case: 'dueTime', value: at };
  return delay === undefined ? undefined : { $case: 'delay', value: duration(delay) };
}

function recurrence({ cron, every, timeZone, until, maxRuns, missedRuns }: ScheduleOptions) {
  if (cron === undefined && every === undefined) return undefined;
  return {
    rule:
      cron === undefined
        ? { $case: 'interval' as const, value: duration(every!) }
        : { $case: 'cron' as const, value: cron },
    timeZone,
    endTime: until,
    maxRuns,
    missedRunPolicy: MissedRunPolicy[missedRuns ?? 'UNSPECIFIED'],
  };
}

export function toScheduled(from: ScheduleResponse): Scheduled {
  return {
    jobId: from.jobId,
    due: from.dueTime,
    outcome: name(ScheduleOutcome, from.outcome)!,
    firstOutcome: name(ScheduleOutcome, from.firstOutcome),
    jobState: name(JobState, from.jobState),
  };
}

/** The name of a number of an enum; undefined where it is unspecified. */
export function name<E extends Record<string | number, string | number>>(type: E, value: number): Name<E> | undefined {
  return value > 0 ? (type[value] as Name<E>) : undefined;
}
