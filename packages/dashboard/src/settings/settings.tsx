import { Dialog } from '@base-ui/react/dialog'
import { type ReactNode, useId, useState } from 'react'
import { Bell } from '../alerts/bell.ts'
import { askForDesktop, desktopState } from '../alerts/desktop.ts'
import { Icon } from '../icons.tsx'
import { LANGUAGES, useWords } from '../words/words.ts'
import { type Choices, THEMES, useChoices } from './choices.ts'

/** What each admin may like otherwise, beside the button that asked for it. */
export function Settings({ close }: { close: () => void }) {
  const words = useWords().settings
  return (
    <Dialog.Root defaultOpen modal={false} onOpenChange={(isOpen) => isOpen || close()}>
      <Dialog.Portal>
        <Dialog.Popup className="rise fixed start-3 bottom-14 z-40 max-h-[calc(100dvh-5rem)] w-[min(21rem,calc(100vw-1.5rem))] overflow-y-auto rounded-2xl border border-line bg-surface p-4 shadow-[0_24px_80px_-20px_#00000080] outline-none max-lg:bottom-[calc(4rem+env(safe-area-inset-bottom))]">
          <div className="flex items-center justify-between">
            <Dialog.Title className="font-semibold">{words.heading}</Dialog.Title>
            <Dialog.Close
              aria-label={words.close}
              className="pressable -me-1.5 grid size-8 place-items-center rounded-lg text-muted hover:bg-hover hover:text-ink pointer-coarse:size-11"
            >
              <Icon name="close" className="size-4.5" />
            </Dialog.Close>
          </div>
          <div className="mt-3 grid gap-5">
            <ThemeChoice />
            <LanguageChoice />
            <SoundChoice />
            <AlertsChoice />
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

const THEME_ICONS = { system: 'system', light: 'light', dark: 'dark' } as const

function ThemeChoice() {
  const words = useWords().theme
  const { choices, choose } = useChoices()
  return (
    <fieldset>
      <legend className="font-medium">{words.label}</legend>
      <div className="mt-1.5 grid grid-cols-3 gap-1 rounded-xl bg-hover p-1">
        {THEMES.map((theme) => (
          <label
            key={theme}
            className="relative flex flex-col items-center justify-center gap-0.5 rounded-lg px-1 py-1.5 text-center text-xs text-muted transition-colors duration-140 has-checked:bg-raised has-checked:text-ink has-checked:shadow-[0_1px_2px_#0000001f] has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="theme"
              className="absolute inset-0 cursor-pointer opacity-0"
              checked={choices.theme === theme}
              onChange={() => choose('theme', theme)}
            />
            <Icon name={THEME_ICONS[theme]} className="size-4.5" />
            {words[theme]}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

// Each language by the name that its own readers know it by.
const NAMES = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  pt: 'Português',
  ja: '日本語',
  zh: '中文',
  ar: 'العربية',
}

function LanguageChoice() {
  const words = useWords().settings
  const { choices, choose } = useChoices()
  const id = useId()
  const languages = ['browser', ...LANGUAGES] as const
  return (
    <div>
      <label htmlFor={id} className="font-medium">
        {words.language}
      </label>
      <select
        id={id}
        value={choices.language}
        className="mt-1.5 h-9 w-full rounded-lg border border-line-strong bg-canvas px-2 pointer-coarse:h-11"
        onChange={(event) => {
          const chosen = languages.find((language) => language === event.target.value)
          if (chosen) choose('language', chosen)
        }}
      >
        {languages.map((language) =>
          language === 'browser' ? (
            <option key={language} value={language}>
              {words.asBrowser}
            </option>
          ) : (
            <option key={language} value={language} lang={language}>
              {NAMES[language]}
            </option>
          ),
        )}
      </select>
    </div>
  )
}

function SoundChoice() {
  const words = useWords().settings
  const { choices, choose } = useChoices()
  const [bell] = useState(() => new Bell())
  function change(isOn: boolean) {
    choose('sound', onOff(isOn))
    if (!isOn) return
    bell.allow()
    bell.strike()
  }
  return <Switch label={words.sound} hint={words.soundHint} isOn={choices.sound === 'on'} onChange={change} />
}

/** The browser is asked for its permission only by switching this on. */
function AlertsChoice() {
  const words = useWords().settings
  const { choices, choose } = useChoices()
  const [state, setState] = useState(desktopState)
  async function change(isOn: boolean) {
    if (!isOn) return choose('alerts', 'off')
    const answer = await askForDesktop()
    setState(answer)
    if (answer === 'granted') choose('alerts', 'on')
  }
  const hints = { missing: words.alertsMissing, denied: words.alertsBlocked }
  const hint = state === 'missing' || state === 'denied' ? hints[state] : words.alertsHint
  return (
    <Switch
      label={words.alerts}
      hint={hint}
      isOn={choices.alerts === 'on' && state === 'granted'}
      onChange={(isOn) => void change(isOn)}
    />
  )
}

const onOff = (isOn: boolean): Choices['sound'] => (isOn ? 'on' : 'off')

interface SwitchProps {
  label: string
  hint: ReactNode
  isOn: boolean
  onChange(isOn: boolean): void
}

function Switch({ label, hint, isOn, onChange }: SwitchProps) {
  const id = useId()
  return (
    <div className="flex items-start gap-3">
      <div className="min-w-0 flex-1">
        <p id={id} className="font-medium">
          {label}
        </p>
        <p id={`${id}hint`} className="text-sm text-muted">
          {hint}
        </p>
      </div>
      <button
        type="button"
        role="switch"
        aria-checked={isOn}
        aria-labelledby={id}
        aria-describedby={`${id}hint`}
        className="group mt-0.5 flex h-6 w-10 shrink-0 items-center rounded-full border border-line-strong bg-hover p-0.5 transition-colors duration-140 aria-checked:border-transparent aria-checked:bg-fill pointer-coarse:my-2 pointer-coarse:before:absolute pointer-coarse:before:size-11"
        onClick={() => onChange(!isOn)}
      >
        <span className="size-4.5 rounded-full bg-line-strong transition-transform duration-140 ease-out group-aria-checked:translate-x-4 group-aria-checked:bg-on-fill rtl:group-aria-checked:-translate-x-4" />
      </button>
    </div>
  )
}
