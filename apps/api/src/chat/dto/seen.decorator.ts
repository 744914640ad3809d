import { applyDecorators } from '@nestjs/common';
import { LIMITS } from '@parley/contract';
import { ValidateBy } from 'class-validator';

const ROOM_ID = /^[0-9a-f]{24}$/;

/** For each room's id the seq of the newest entry that a client has. */
export const SeenMap = (): PropertyDecorator =>
  applyDecorators(
    ValidateBy({
      name: 'seenMap',
      validator: {
        validate: isSeen,
        defaultMessage: () => `For each of up to ${LIMITS.roomsPerSync} room ids a whole number from 0 is asked for.`,
      },
    }),
  );

function isSeen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const pairs = Object.entries(value);
  return pairs.length <= LIMITS.roomsPerSync && pairs.every(([room, seq]) => ROOM_ID.test(room) && isSeq(seq));
}

function isSeq(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
