import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';

/** How long the database may take to answer. */
const ANSWER_WITHIN_MS = 2_000;

/** Asks the database whether it is there. */
@Injectable()
export class HealthRepository {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Whether the database answers within 2 s. Never rejects. */
  async databaseAnswers(): Promise<boolean> {
    if (this.connection.readyState !== 1 || this.connection.db === undefined) return false;
    return this.connection.db.command({ ping: 1 }, { timeoutMS: ANSWER_WITHIN_MS }).then(Boolean, () => false);
  }
}
