import { type Routes } from '@angular/router';
import { ChatPage } from './chat-page';
import { NoRoom } from './no-room';
import { OpenRoom } from './open-room';

/** The chat with and without an open room: one script, as whoever looks at the list opens a room next. */
export const chatRoutes: Routes = [
  {
    path: '',
    component: ChatPage,
    children: [
      { path: '', component: NoRoom },
      { path: ':room', component: OpenRoom },
    ],
  },
];
