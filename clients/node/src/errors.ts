import { status, type ServiceError } from '@grpc/grpc-js';
import type { ItemError } from '../gen/dueline/v1/scheduler.js';
import { BadRequest, ErrorInfo, RetryInfo, Status } from '../gen/google/rpc/errors.js';
import { millis } from './time.js';

/** The name of a gRPC status code. */
export type Code = keyof typeof status;

/** A field of a request that breaks a rule. */
export interface Violation {
  field: string;
  description: string;
}

const FINAL = new Set<Code>([
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'INVALID_ARGUMENT',
  'FAILED_PRECONDITION',
  'UNIMPLEMENTED',
  'NOT_FOUND',
]);

/** Why a call failed. */
export class DuelineError extends Error {
  override readonly name = 'DuelineError';
  /** The reason of the ErrorInfo, such as JOB_EXISTS; empty where the server sent none. */
  readonly reason: string = '';
  /** The metadata of the ErrorInfo, such as job_state where another job has the id. */
  readonly metadata: Readonly<Record<string, string>> = {};
  /** All fields that break a rule, after INVALID_ARGUMENT. */
  readonly violations: readonly Violation[] = [];
  /** Milliseconds after which the server would have the call made again, where it said so. */
  readonly retryDelay?: number;

  constructor(
    readonly code: Code,
    message: string,
    details: Partial<Pick<DuelineError, 'reason' | 'metadata' | 'violations' | 'retryDelay'>> = {},
  ) {
    super(message);
    Object.assign(this, details);
  }

  /** Whether no later try would change it. */
  get isFinal(): boolean {
    return FINAL.has(this.code);
  }

  /**
   * The error of a call that grpc-js says has failed.
   *
   * @param isLate whether its deadline is over
   */
  static of(error: ServiceError, isLate = false): DuelineError {
    const packed = error.metadata?.get('grpc-status-details-bin')[0];
    if (Buffer.isBuffer(packed)) {
      return new DuelineError(nameOf(error.code), error.details, unpack(Status.decode(packed)));
    }
    // What grpc-js makes of most connections that break in the middle of a call.
    const isBroken = error.code === status.INTERNAL && error.details.includes('RST_STREAM');
    // The server resets a call at its deadline, which may be read before the timer of this side fires.
    const isReset = isLate && error.code === status.CANCELLED;
    const code = isBroken ? 'UNAVAILABLE' : isReset ? 'DEADLINE_EXCEEDED' : nameOf(error.code);
    return new DuelineError(code, error.details);
  }

  /** The error of one item of a batch. */
  static ofItem(error: ItemError): DuelineError {
    const { reason, metadata } = error;
    return new DuelineError(nameOf(error.code), error.message, { reason, metadata });
  }
}

function nameOf(code: number): Code {
  return (status[code] ?? 'UNKNOWN') as Code;
}

function unpack(from: Status) {
  const details: { -readonly [K in keyof DuelineError]?: DuelineError[K] } = {};
  for (const { typeUrl, value } of from.details) {
    switch (typeUrl.slice(typeUrl.lastIndexOf('/') + 1)) {
      case 'google.rpc.ErrorInfo':
        ({ reason: details.reason, metadata: details.metadata } = ErrorInfo.decode(value));
        break;
      case 'google.rpc.BadRequest':
        details.violations = BadRequest.decode(value).fieldViolations;
        break;
      case 'google.rpc.RetryInfo': {
        const { retryDelay } = RetryInfo.decode(value);
        if (retryDelay) details.retryDelay = millis(retryDelay);
      }
    }
  }
  return details;
}
