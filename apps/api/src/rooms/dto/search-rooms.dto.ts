import { PageQueryDto } from '../../common/page';
import { SearchText } from '../../common/text-decorators';

/** The query string of `GET /api/search_rooms`. */
export class SearchRoomsDto extends PageQueryDto {
  @SearchText({ description: 'The beginnings of words of a name.' })
  q!: string;
}
