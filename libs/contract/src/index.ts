export * from './commands';
export * from './errors';
export * from './events';
export * from './frames';
export * from './limits';
export * from './nouns';
export * from './rest';
