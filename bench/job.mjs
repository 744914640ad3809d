/** A process that gets one job from whoever started it (`Generator` in processes.mjs), and says what came of it. */
import process from 'node:process';

let goOn = () => undefined;

/** Does the job that comes, once; the process stays until it is told to end, or its parent is gone. */
export function doJob(run) {
  process.once('message', (job) => {
    run(job)
      .then((result) => process.send({ result }))
      .catch((error) => process.send({ error: error.stack }));
  });
  process.on('message', (message) => {
    if (message === 'go on') goOn();
    else if (message === 'end') process.exit(0);
  });
  process.on('disconnect', () => process.exit(0));
}

/** Says where the job stands; resolves when whoever started it wants it to go on. */
export function moment(name) {
  process.send({ moment: name });
  return new Promise((resolve) => (goOn = resolve));
}

/** Resolves after so many milliseconds. */
export const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What half of the times are not above, what 99 of 100 are not, and the longest. */
export function percentiles(times) {
  const sorted = Float64Array.from(times).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) };
}
