import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { inTime } from '../common/in-time';

/** How long the database may take to answer. */
const ANSWER_WITHIN_MS = 2_000;

/** Asks the database whether it is there. */
@Injectable()
export class HealthRepository {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Whether the database answers within 2 s. Never rejects. */
  async databaseAnswers(): Promise<boolean> {
    if (this.connection.readyState !== 1 || this.connection.db === undefined) return false;
    const answer = this.connection.db.command({ ping: 1 });
    return inTime(ANSWER_WITHIN_MS, answer, () => new Error('no answer in time')).then(Boolean, () => false);
  }
}
