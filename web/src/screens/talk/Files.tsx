// What is attached to a message: images in boxes that never move the page, files as downloads.
import { conversations as api } from '../../api/conversations';
import type { Attachment, Message } from '../../api/talk-types';
import { t } from '../../i18n';
import { bytes } from '../../i18n/format';
import { useAction } from '../../parts/action';
import { Failure } from '../../parts/Failure';
import { Icon } from '../../parts/Icon';
import { usePlace } from './context';

export function Files({ message }: { message: Message }) {
  if (message.attachments.length === 0) return null;
  return (
    <ul class="said-files">
      {message.attachments.map((one) => (
        <li key={one.id}>
          {one.kind === 'image' ? <Picture image={one} message={message} /> : <Download file={one} />}
        </li>
      ))}
    </ul>
  );
}

function Picture({ image, message }: { image: Attachment; message: Message }) {
  const { talk, rules } = usePlace();
  const sees = image.status === 'APPROVED' || rules || message.author?.id === talk.me.id;
  if (image.status === 'REJECTED') return <p class="file-note">{t('talk.imageRejected', image.name)}</p>;
  if (!sees) return <p class="file-note">{t('talk.imageHidden')}</p>;
  const { width, height } = thumbnailSize(image);
  return (
    <figure class={`said-image is-${image.status}`}>
      <a href={image.url} target="_blank" rel="noopener">
        <img
          src={image.thumbnail_url ?? image.url}
          alt={image.name}
          width={width}
          height={height}
          loading="lazy"
          decoding="async"
        />
      </a>
      {image.status === 'PENDING' && <Judgement image={image} />}
    </figure>
  );
}

const BOX = { width: 280, height: 220 };

/** As large as it will be, before it is here. */
function thumbnailSize({ width, height }: Attachment) {
  if (!width || !height) return BOX;
  const scale = Math.min(1, BOX.width / width, BOX.height / height);
  return { width: Math.max(44, Math.round(width * scale)), height: Math.max(44, Math.round(height * scale)) };
}

function Judgement({ image }: { image: Attachment }) {
  const { talk, rules } = usePlace();
  const judge = useAction((status: 'APPROVED' | 'REJECTED') => api.judge(talk.id, image.id, status));
  return (
    <figcaption class="file-note">
      {t('talk.imagePending')}
      {rules && (
        <span class="actions">
          <button
            type="button"
            class="button small"
            disabled={judge.busy}
            onClick={() => void judge.run('APPROVED')}
          >
            {t('talk.approve')}
          </button>
          <button
            type="button"
            class="button small"
            disabled={judge.busy}
            onClick={() => void judge.run('REJECTED')}
          >
            {t('talk.reject')}
          </button>
        </span>
      )}
      <Failure error={judge.error} />
    </figcaption>
  );
}

export function Download({ file }: { file: Attachment }) {
  return (
    <a class="said-file" href={file.url} download={file.name}>
      <Icon name="file" />
      <span>{file.name}</span>
      <small>{bytes(file.size)}</small>
    </a>
  );
}
