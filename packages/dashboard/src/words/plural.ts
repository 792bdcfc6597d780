/** Picks the form of `count` by the language's own rules; `other` serves where a form is not given. */
export function plural(locale: string): (count: number, forms: PluralForms) => string {
  let rules: Intl.PluralRules | undefined
  let numbers: Intl.NumberFormat | undefined
  return (count, forms) => {
    // Catalogues are read before anything is asked of the desk, which is not to wait for these.
    rules ??= new Intl.PluralRules(locale)
    numbers ??= new Intl.NumberFormat(locale)
    const written = numbers.format(count)
    return (forms[rules.select(count)] ?? forms.other).replace('#', () => written)
  }
}

/** The forms of one phrase; `#` stands for the number. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }
