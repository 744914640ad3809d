import { Cluster, type ClusterNode } from '../support/cluster';
import { Crowd } from './crowd';

/** Seconds that each fault lasts; without, as long as the others need for a hundred messages. */
const SECONDS = Number(process.env['CLUSTER_FAULT_SECONDS'] ?? 0);

describe('laws 1 to 5 and 7: three nodes, people at each, and a fault in the middle', () => {
  let cluster: Cluster;
  let crowd: Crowd;
  let nodes: [ClusterNode, ClusterNode, ClusterNode];

  beforeAll(async () => {
    cluster = await Cluster.starts(3);
    nodes = cluster.nodes as typeof nodes;
    crowd = await Crowd.gathers(nodes);
  });
  afterAll(async () => {
    crowd?.disperses();
    await cluster?.ends();
  });

  /** Traffic before, during and after; the fault lasts until those at these nodes have had so many answers. */
  async function weathers(strike: () => unknown, mend: () => unknown, unharmed: readonly ClusterNode[]): Promise<void> {
    await crowd.begins();
    await crowd.answers(30, nodes);
    await strike();
    const until = performance.now() + SECONDS * 1_000;
    do await crowd.answers(100, unharmed);
    while (performance.now() < until);
    await mend();
    await crowd.answers(30, nodes);
    await crowd.comesToRest();
    await crowd.agrees();
  }

  it('Redis forgets everything, is killed, and comes back', async () => {
    await weathers(
      async () => {
        await cluster.redis.isFlushed();
        await cluster.redis.stops();
      },
      () => cluster.redis.starts(),
      nodes,
    );
  });

  it('Redis hangs, and goes on', async () => {
    await weathers(
      () => cluster.redis.pauses(),
      () => cluster.redis.goesOn(),
      nodes,
    );
  });

  it('a node is killed, and started again', async () => {
    await weathers(
      () => nodes[1].isKilled(),
      () => nodes[1].starts(),
      [nodes[0], nodes[2]],
    );
  });

  it('a node is paused, and continued', async () => {
    await weathers(
      () => nodes[2].pauses(),
      () => nodes[2].goesOn(),
      [nodes[0], nodes[1]],
    );
  });

  it('a node loses its line to the database for a while', async () => {
    await weathers(
      () => nodes[0].line.cut(),
      () => nodes[0].line.mend(),
      [nodes[1], nodes[2]],
    );
  });

  it('a node loses what the database answers', async () => {
    await weathers(
      () => nodes[1].line.loseAnswers(),
      () => nodes[1].line.mend(),
      [nodes[0], nodes[2]],
    );
  });

  it('Redis is away, a node is killed meanwhile, and another one is cut from the database', async () => {
    await weathers(
      async () => {
        await cluster.redis.stops();
        await nodes[1].isKilled();
        nodes[0].line.blink();
      },
      async () => {
        await nodes[1].starts();
        await cluster.redis.starts();
      },
      [nodes[0], nodes[2]],
    );
  });
});
