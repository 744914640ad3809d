import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatButtonToggle, MatButtonToggleGroup } from '@angular/material/button-toggle';
import { RouterLink } from '@angular/router';
import { Avatar } from '../shared/avatar';
import { Icon } from '../shared/icon';
import { Language, LANGUAGES, type LanguageCode } from '../shared/language';
import { PhoneText } from '../shared/phone-text';
import { Theme, type ThemeName, THEMES } from '../shared/theme';
import { InnerPage } from './inner-page';
import { Leaving } from './leaving';
import { NameForm } from './name-form';
import { PasswordForm } from './password-form';
import { Session } from './session';

/** Oneself, and how the client looks and speaks. */
@Component({
  selector: 'parley-settings-page',
  imports: [
    Avatar,
    Icon,
    InnerPage,
    MatButton,
    MatButtonToggle,
    MatButtonToggleGroup,
    NameForm,
    PasswordForm,
    PhoneText,
    RouterLink,
  ],
  templateUrl: './settings-page.html',
  styleUrl: './settings-page.css',
})
export class SettingsPage {
  readonly #language = inject(Language);
  readonly #theme = inject(Theme);
  readonly #leaving = inject(Leaving);
  readonly words = this.#language.words;
  readonly me = inject(Session).me;
  readonly languages = LANGUAGES;
  readonly language = computed(() => this.#language.chosen());
  readonly themes = THEMES;
  readonly theme = computed(() => this.#theme.name());

  chooseLanguage(code: LanguageCode): void {
    this.#language.choose(code);
  }

  chooseTheme(name: ThemeName): void {
    this.#theme.choose(name);
  }

  signOut(): void {
    void this.#leaving.signOut();
  }
}
