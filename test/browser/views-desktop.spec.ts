import { looksAtEveryView, TAKES_ALL_PICTURES } from './support/every-view';

looksAtEveryView(TAKES_ALL_PICTURES ? ['tablet', 'desktop'] : ['desktop']);
