import type { WorkerHooks } from './options.js';

/** Tells a user's hooks what happens, so that none of them breaks the worker. */
export class Hooks {
  constructor(private readonly hooks: WorkerHooks) {}

  tell<K extends keyof WorkerHooks>(hook: K, ...args: Parameters<NonNullable<WorkerHooks[K]>>): void {
    try {
      (this.hooks[hook] as ((...args: unknown[]) => void) | undefined)?.(...args);
    } catch (error) {
      process.emitWarning(`hook ${hook}: ${error}`);
    }
  }
}
