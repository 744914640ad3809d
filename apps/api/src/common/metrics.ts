import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '@parley/contract';

/** What this process counts, for Prometheus. */
export const registry = new Registry();
const registers = [registry];

/** Where the parts of the server count what they do. Times are in seconds, as Prometheus wants them. */
export const metrics = {
  connections: new Gauge({ name: 'parley_connections', help: 'Open gateway connections, signed in or not', registers }),
  signedIn: new Gauge({ name: 'parley_connections_signed_in', help: 'Gateway connections of somebody', registers }),
  queueBytes: new Gauge({ name: 'parley_queue_bytes', help: 'What waits for slow readers, all in all', registers }),
  rooms: new Gauge({ name: 'parley_rooms', help: 'Rooms', registers }),
  posts: new Counter({ name: 'parley_posts_total', help: 'Messages that are on disk', registers }),
  deliveries: new Counter({ name: 'parley_deliveries_total', help: 'Entries handed to connections', registers }),
  commitEntries: new Histogram({
    name: 'parley_commit_entries',
    help: 'Messages of one commit',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  }),
  commitSeconds: new Histogram({
    name: 'parley_commit_seconds',
    help: 'Time until a commit was on disk',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
    registers,
  }),
  resumes: new Counter({
    name: 'parley_resumes_total',
    help: 'Rooms of which somebody came back for what they missed: whole, reset, or gone',
    labelNames: ['outcome'],
    registers,
  }),
  redis: new Gauge({ name: 'parley_redis_up', help: 'Whether Redis answers: 0 also where there is none', registers }),
  nodes: new Gauge({ name: 'parley_nodes', help: 'Nodes that this one hears of, itself included', registers }),
  published: new Counter({
    name: 'parley_published_total',
    help: 'What this node told the nodes that listen to a room',
    registers,
  }),
  catchUps: new Counter({
    name: 'parley_catch_ups_total',
    help: 'Times that a room was read from the database, because another node wrote or an outcome was unknown',
    registers,
  }),
  errors: new Counter({
    name: 'parley_errors_total',
    help: 'Refusals and failures by their code, of REST and gateway',
    labelNames: ['code'],
    registers,
  }),
} as const;

/** An error was told to somebody. */
export function countError(code: ErrorCode): void {
  metrics.errors.inc({ code });
}

let watching = false;

/** Starts what Node can tell of itself: CPU, memory, garbage collection, the event loop's lag. Once a process. */
export function watchProcess(): void {
  if (!watching) collectDefaultMetrics({ register: registry });
  watching = true;
}
