import { Module } from '@nestjs/common';
import { Backplane } from './backplane';
import { Patrol } from './patrol';

/** Several api processes on one database: how they tell each other, and how they find out what they were not told. */
@Module({ providers: [Backplane, Patrol], exports: [Backplane, Patrol] })
export class ClusterModule {}
