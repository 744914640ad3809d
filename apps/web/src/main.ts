import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/app';
import { appConfig } from './app/app.config';

// What nearly every page needs: files of their own would cost more, each a request, than what is in them.
import './app/shared/confirm';
import './app/shared/failures';
import './app/shared/moments';
import './app/shared/notes';
import './app/shared/notice';

void bootstrapApplication(App, appConfig);
