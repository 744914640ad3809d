import type { Words } from '../en';

export const people: Words['people'] = {
  search: 'Tìm người và phòng',
};
