import { ApiProperty } from '@nestjs/swagger';
import { LIMITS, type Id, type Page } from '@parley/contract';
import { MayBeAbsent, ObjectIdString, QueryNumber } from './text-decorators';

/** Which page of a list is asked for. */
export interface PageRequest {
  /** The cursor of the page before; without it the first page. */
  after?: Id;
  /** How many at most; without it `LIMITS.pageDefault`. */
  limit?: number;
}

/** The query string of a list. */
export class PageQueryDto implements PageRequest {
  @MayBeAbsent()
  @ObjectIdString({ description: 'The `next` of the page before; without it the first page.', required: false })
  after?: Id;

  @MayBeAbsent()
  @QueryNumber(1, LIMITS.pageMax, { description: 'How many at most.', example: LIMITS.pageDefault })
  limit?: number;
}

/** The `:id` of a path. */
export class IdParamDto {
  @ObjectIdString()
  id!: Id;
}

/**
 * The page out of one item more than was asked for: whether that one is there tells whether there is a next page.
 * @param found at most `limit + 1` items, in the list's order.
 */
export function pageOf<T extends { id: string }>(found: T[], limit: number): Page<T> {
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** The documented shape of a page of `Item`. */
export function PageDto<T>(Item: new () => T): new () => Page<T> {
  class PageOf implements Page<T> {
    @ApiProperty({ type: [Item] })
    items!: T[];

    @ApiProperty({ type: String, nullable: true, description: 'The cursor for `after`; null at the end.' })
    next!: string | null;
  }
  Object.defineProperty(PageOf, 'name', { value: `PageOf${Item.name.replace(/Dto$/, '')}` });
  return PageOf;
}
