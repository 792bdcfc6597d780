import type { Status } from '@deskbell/client'
import type { Words } from '../words/en.ts'
import { BellIcon, CloseIcon, SoundOffIcon, SoundOnIcon } from './icons.tsx'

interface HeaderProps {
  words: Words
  appName: string
  replyTime: string | undefined
  status: Status
  isSoundOn: boolean
  onSound(isOn: boolean): void
  /** Left out where it is always open. */
  onClose: (() => void) | undefined
}

/** Whose desk it is, whether it can be reached, and the two switches. */
export function Header({ words, appName, replyTime, status, isSoundOn, onSound, onClose }: HeaderProps) {
  // By which way the desk is reached is no concern of the user's.
  const shown = status === 'connecting' || status === 'offline' ? status : 'online'
  return (
    <div class="header" part="header">
      <span class="mark">
        <BellIcon />
      </span>
      <div class="title">
        <h2 part="title">
          <bdi>{appName}</bdi>
        </h2>
        <p role="status" class={`status ${shown}`} part="status">
          {words[shown]}
        </p>
        {replyTime && shown === 'online' && (
          <p>
            <bdi>{replyTime}</bdi>
          </p>
        )}
      </div>
      <button
        type="button"
        class="tool"
        role="switch"
        aria-checked={isSoundOn}
        aria-label={words.sound}
        title={words.sound}
        onClick={() => onSound(!isSoundOn)}
      >
        {isSoundOn ? <SoundOnIcon /> : <SoundOffIcon />}
      </button>
      {onClose && (
        <button type="button" class="tool" aria-label={words.close} title={words.close} onClick={onClose}>
          <CloseIcon />
        </button>
      )}
    </div>
  )
}
