import { type ChangeMe, PERSON_STATUSES, type PersonStatus } from '@parley/contract';
import { MayBeAbsent, OneOf, PersonName } from '../../common/text-decorators';

/** The body of `PATCH /api/me`. */
export class ChangeMeDto implements ChangeMe {
  @MayBeAbsent()
  @PersonName({ required: false, description: 'The new name.' })
  name?: string;

  @MayBeAbsent()
  @OneOf(PERSON_STATUSES, 'PersonStatus', {
    required: false,
    description: 'What others see while you are connected, until you say something else.',
  })
  status?: PersonStatus;
}
