import type { ServerEnvelope } from '@parley/contract';
import type { Db } from 'mongodb';
import { EntryRepository } from '../../../apps/api/src/log/entry.repository';
import { CLIENT_ID_INDEX } from '../../../apps/api/src/log/entry.schema';
import { ReactionRepository } from '../../../apps/api/src/log/reaction.repository';
import { Connections } from '../../../apps/api/src/realtime/connections';
import { Hub } from '../../../apps/api/src/realtime/hub';
import { RoomDirectory } from '../../../apps/api/src/rooms/room-directory';
import { Parley } from '../../support/app-harness';
import { check } from './check';
import { Meddler, type Meddling } from './meddler';
import { Run } from './run';
import { QUEUE_BYTES, type Servers } from './servers';
import { explain, type Law } from './violation';

jest.setTimeout(180_000);

/** A bug, and the law that it breaks. It is planted into a running server; production code knows nothing of it. */
interface Bug {
  law: Law;
  bug: string;
  environment?: Record<string, string>;
  plant?(parley: Parley): unknown;
  meddle?: () => Meddling;
  /** Whether a reader has to be flooded to see it. */
  flood?: true;
}

const isOwnMessage = ({ event, data }: ServerEnvelope): boolean => event === 'messagePosted' && 'clientId' in data;

/** Whether it is the `nth` call, and no other. */
function nthCall(nth: number): () => boolean {
  let calls = 0;
  return () => ++calls === nth;
}

/** Meddles with every tenth of some envelopes. */
function everyTenth(of: (envelope: ServerEnvelope) => boolean, meddle: Meddling): Meddling {
  let count = 0;
  return (envelope) => (of(envelope) && ++count % 10 === 0 ? meddle(envelope) : [envelope]);
}

const BUGS: readonly Bug[] = [
  {
    law: 1,
    bug: 'a seq is skipped',
    plant: (parley) => {
      const repository = parley.part(EntryRepository);
      const insert = repository.insert.bind(repository);
      let calls = 0;
      jest.spyOn(repository, 'insert').mockImplementation((entries) => {
        // Again and again: one hole alone can be in a room that is deleted, with nobody connected to hear it.
        const skips = ++calls % 10 === 0;
        for (const entry of entries) if (skips && entry.room === entries[0]!.room) entry.seq++;
        return insert(entries);
      });
    },
  },
  {
    law: 1,
    bug: 'an entry is told twice on its way',
    meddle: () =>
      everyTenth(
        ({ event }) => event === 'messagePosted',
        (twice) => [twice, twice],
      ),
  },
  {
    law: 2,
    bug: 'a reply comes before the commit, which then never comes',
    plant: (parley) => {
      const repository = parley.part(EntryRepository);
      const insert = repository.insert.bind(repository);
      const isDue = nthCall(10);
      jest
        .spyOn(repository, 'insert')
        .mockImplementation((entries) => (isDue() ? Promise.resolve({ inserted: entries.length }) : insert(entries)));
    },
  },
  {
    law: 3,
    bug: 'a message that is sent again is posted again',
    plant: (parley) => parley.database.collection('entries').dropIndex(CLIENT_ID_INDEX),
  },
  {
    law: 3,
    bug: 'a reaction that is there is set once more',
    plant: (parley) => {
      const repository = parley.part(ReactionRepository);
      jest.spyOn(repository, 'has').mockImplementation(async () => false);
      jest.spyOn(repository, 'add').mockImplementation(async () => undefined);
    },
  },
  {
    law: 4,
    bug: 'rooms change without an entry',
    plant: (parley) => {
      const directory = parley.part(RoomDirectory);
      const get = directory.get.bind(directory);
      let changes = 0;
      jest.spyOn(directory, 'get').mockImplementation((id) => {
        const room = get(id);
        if (room) room.metadata.description = `change ${++changes}`;
        return room;
      });
    },
  },
  { law: 5, bug: 'the author does not hear the message', meddle: () => everyTenth(isOwnMessage, () => []) },
  {
    law: 6,
    bug: 'the queue of a slow reader has no bound',
    environment: { QUEUE_BYTES: String(1024 ** 3) },
    flood: true,
  },
  {
    law: 7,
    bug: 'who leaves a room hears on',
    plant: (parley) => jest.spyOn(parley.part(Hub), 'exit').mockImplementation(() => undefined),
  },
  {
    law: 7,
    bug: 'the end of a session does not reach its sockets',
    plant: (parley) => jest.spyOn(parley.part(Connections), 'revoke').mockImplementation(() => Promise.resolve()),
  },
];

async function planted({ environment, plant, meddle }: Bug): Promise<Servers> {
  const parley = await Parley.start({ QUEUE_BYTES, ...environment });
  await plant?.(parley);
  const meddler = meddle && (await Meddler.before(parley, meddle()));
  return {
    nodes: [meddler ?? parley],
    graceMs: 0,
    faults: {},
    looksInto: (work) => work(parley.database as unknown as Db),
    stop: async () => {
      meddler?.close();
      await parley.stop();
    },
  };
}

describe('A bug that is planted into a running server', () => {
  let servers: Servers;
  afterEach(() => servers.stop());

  it('is what it takes: without one, nothing is found', async () => {
    servers = await planted({ law: 1, bug: 'none' });
    const { lines } = await Run.of(servers, { seed: 1, deeds: 50, pace: 0.2, flood: false });
    expect(explain(check(lines), lines)).toBe('');
  });

  it.each(BUGS)('law $law: $bug', async (bug) => {
    servers = await planted(bug);
    const { lines } = await Run.of(servers, {
      seed: 1,
      deeds: 50,
      pace: 0.2,
      flood: bug.flood ?? false,
      patienceMs: 1_000,
    });
    const ofLaw = check(lines).filter(({ law }) => law === bug.law);
    expect(ofLaw.length).toBeGreaterThan(0);
    expect(explain(ofLaw, lines).split('\n').length).toBeLessThan(10);
  });
});
