import { PageQueryDto } from '../../common/page';
import { SearchText } from '../../common/text-decorators';

/** The query string of `GET /api/search_users`. */
export class SearchUsersDto extends PageQueryDto {
  @SearchText({ description: 'A whole phone number, or the beginnings of words of a name.' })
  q!: string;
}
