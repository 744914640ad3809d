import type { Command } from './command';

export const AGGREGATE_COMMANDS: ReadonlyMap<string, Command> = new Map();
