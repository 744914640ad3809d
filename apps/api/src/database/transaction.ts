import type { ClientSession } from 'mongoose';

/** The database transaction that a change belongs to: services hand it on to repositories, and look no closer. */
export type Transaction = ClientSession;
