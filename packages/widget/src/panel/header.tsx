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
  onClose(): void
}

/** Whose desk it is, whether it can be reached, and the two switches. */
export function Header({ words, appName, replyTime, status, isSoundOn, onSound, onClose }: HeaderProps) {
  // By which way the desk is reached is no concern of the user's.
  const shown = status === 'connecting' || status === 'offline' ? status : 'online'
  return (
    <div class="header">
      <span class="mark">
        <BellIcon />
      </span>
      <div class="title">
        <h2>{appName}</h2>
        <p class="status-line">
          <span role="status" class={`status ${shown}`}>
            {words[shown]}
          </span>
          {replyTime && shown === 'online' && <span class="reply-time">{replyTime}</span>}
        </p>
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
      <button type="button" class="tool" aria-label={words.close} onClick={onClose}>
        <CloseIcon />
      </button>
    </div>
  )
}
