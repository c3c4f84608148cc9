/** A client of Dueline: schedules jobs for a moment in the future, and handles them when they fall due. */
export { Client, connect } from './client.js';
export type { BatchingProducer } from './batching.js';
export type { ConnectOptions } from './connection.js';
export { DuelineError, type Code, type Violation } from './errors.js';
export { Dead, RetryIn, type Handler, type HandlerResult, type Job } from './job.js';
export type { IteratorOptions, TakenJob } from './jobs.js';
export type { Delivery, StopOptions, WorkerHooks, WorkerOptions } from './options.js';
export type { Payload, Scheduled, ScheduleOptions } from './schedule.js';
export type { Outcome } from './settler.js';
export type { Worker } from './worker.js';
