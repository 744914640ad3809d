export { EmbeddedMongo } from './embedded-mongo';
export type { EmbeddedMongoOptions } from './server';
export { DirectoryInUse, DirectoryUnusable } from './failure';
