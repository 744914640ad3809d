import { ROOM_KINDS, type RoomKind } from '@parley/contract';
import { PageQueryDto } from '../../common/page';
import { ListingText, MayBeAbsent, OneOf } from '../../common/text-decorators';
import type { RoomSearch } from '../room';

/** The query string of `GET /api/search_rooms`. */
export class SearchRoomsDto extends PageQueryDto implements RoomSearch {
  @MayBeAbsent()
  @ListingText({ required: false, description: 'The beginnings of words of a name; without it all rooms are listed.' })
  q?: string;

  @MayBeAbsent()
  @OneOf(ROOM_KINDS, 'RoomKind', { required: false, description: 'Rooms of this kind only.' })
  kind?: RoomKind;
}
