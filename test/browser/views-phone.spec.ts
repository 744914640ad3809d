import { looksAtEveryView } from './support/every-view';

looksAtEveryView(['phone']);
