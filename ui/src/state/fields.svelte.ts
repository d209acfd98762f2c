// The page of fields and policies: for which library one chooses, and what holds there. The rules are in policies.ts.

import type { Field, ListMode, Policy, SectionSettings, Settings } from '../backend/backend';
import {
  type Preset,
  chooseListMode,
  choosePolicy,
  choosePreset,
  defaultPolicy,
  differs,
  ALL_FIELDS,
  follow,
  listModeOf,
  policyOf,
  presetOf,
} from './policies';

/** The settings that are being edited. */
interface Draft {
  draft: Settings;
  edited(): void;
}

export class FieldChoices {
  readonly #form: Draft;
  #wanted = $state<string | null>(null);
  /** What was chosen before a field was turned off, by library and field. */
  #before = $state.raw<Readonly<Record<string, Policy>>>({});

  /** The library for which one chooses; `null`: for all. */
  readonly #own: SectionSettings | null = $derived.by(() => {
    const { sections } = this.#form.draft;
    return sections.find(({ title }) => title === this.#wanted) ?? null;
  });

  constructor(form: Draft) {
    this.#form = form;
  }

  /** The title of the library for which one chooses; `null`: for all. */
  get library(): string | null {
    return this.#own?.title ?? null;
  }

  get libraries(): string[] {
    return [...new Set(this.#form.draft.sections.map(({ title }) => title))];
  }

  /** The preset that holds; `null`: somebody's own mix. */
  get preset(): Preset | null {
    return presetOf(this.#form.draft, this.#own);
  }

  /** From now on one chooses for this library, or for all of them. */
  chooseFor(library: string | null): void {
    this.#wanted = library;
  }

  policy(field: Field): Policy {
    return policyOf(this.#form.draft, this.#own, field);
  }

  /** What a field is, or would be if it were turned on. */
  policyOn(field: Field): Policy {
    const policies = [
      this.policy(field),
      this.#before[this.#key(field)],
      policyOf(this.#form.draft, null, field),
      defaultPolicy(field),
    ];
    return policies.find((policy) => policy !== undefined && policy !== 'off') ?? 'keepEdits';
  }

  choosePolicy(field: Field, policy: Policy): void {
    if (policy === 'off') this.#before = { ...this.#before, [this.#key(field)]: this.policyOn(field) };
    choosePolicy(this.#form.draft, this.#own, field, policy);
    this.#form.edited();
  }

  /** `null` for what is no list. */
  listMode(field: Field): ListMode | null {
    return listModeOf(this.#form.draft, this.#own, field);
  }

  chooseListMode(field: Field, mode: ListMode): void {
    chooseListMode(this.#form.draft, this.#own, field, mode);
    this.#form.edited();
  }

  choosePreset(preset: Preset): void {
    choosePreset(this.#form.draft, this.#own, preset);
    this.#form.edited();
  }

  /** Whether the library has a choice of its own for this field. */
  differs(field: Field): boolean {
    return this.#own !== null && differs(this.#form.draft, this.#own, field);
  }

  /** How many fields a library has choices of its own for. */
  own(library: string): number {
    const section = this.#form.draft.sections.find(({ title }) => title === library);
    return section ? ALL_FIELDS.filter((field) => differs(this.#form.draft, section, field)).length : 0;
  }

  /** The libraries that have a choice of their own for this field. */
  exceptions(field: Field): string[] {
    const { draft } = this.#form;
    return draft.sections.filter((section) => differs(draft, section, field)).map(({ title }) => title);
  }

  /** The library's fields are as in all libraries again. */
  follow(fields: Field[] = ALL_FIELDS): void {
    if (this.#own === null) return;
    for (const field of fields) follow(this.#own, field);
    this.#form.edited();
  }

  #key(field: Field): string {
    return `${field}/${this.library ?? ''}`;
  }
}
