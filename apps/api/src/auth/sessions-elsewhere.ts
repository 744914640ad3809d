import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Id } from '@parley/contract';
import { Patrol } from '../cluster/patrol';
import { Connections } from '../realtime/connections';
import { SessionsRepository } from './sessions.repository';

/** Sessions that are looked up at once. */
const AT_ONCE = 1_000;

/** Finds the sessions that another node has ended, where it could not tell this one. */
@Injectable()
export class SessionsElsewhere implements OnModuleInit {
  constructor(
    private readonly patrol: Patrol,
    private readonly connections: Connections,
    private readonly repository: SessionsRepository,
  ) {}

  onModuleInit(): void {
    this.patrol.add(() => this.ask());
  }

  /** Only sessions with connections here are asked for, by their ids. */
  private async ask(): Promise<void> {
    const { sessions } = this.connections;
    for (let from = 0; from < sessions.length; from += AT_ONCE)
      await this.endMissing(sessions.slice(from, from + AT_ONCE));
  }

  private async endMissing(asked: readonly Id[]): Promise<void> {
    const standing = new Set(await this.repository.standing(asked));
    for (const session of asked) if (!standing.has(session)) this.connections.end(session);
  }
}
