import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** What was measured, by scenario and contender, in a file: a run can be done in parts. */
export class Notes {
  constructor(path) {
    this.path = path;
    this.measured = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  }

  has(key, name) {
    return this.measured[key]?.[name] !== undefined;
  }

  forget(scenarios, names) {
    for (const { key } of scenarios) for (const name of names) delete this.measured[key]?.[name];
  }

  add(key, name, result) {
    this.measured[key] ??= {};
    (this.measured[key][name] ??= []).push(result);
    writeFileSync(this.path, JSON.stringify(this.measured));
  }
}
