import type { ChangeMe } from '@parley/contract';
import { MayBeAbsent, PersonName } from '../../common/text-decorators';

/** The body of `PATCH /api/me`. */
export class ChangeMeDto implements ChangeMe {
  @MayBeAbsent()
  @PersonName({ required: false, description: 'The new name.' })
  name?: string;
}
