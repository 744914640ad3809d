/** The groups of emoji to choose from; `recent` is what was chosen lately. */
export type EmojiGroup = 'faces' | 'hands' | 'life';

const split = (emoji: string): readonly string[] => emoji.split(' ');

/** The emoji that people use most, in groups. */
export const EMOJI: Readonly<Record<EmojiGroup, readonly string[]>> = {
  faces: split(
    '😀 😄 😁 😆 😅 😂 🤣 😊 😇 🙂 🙃 😉 😍 🥰 😘 😋 😜 🤪 🤗 🤭 🤔 🤨 😐 🙄 😏 😴 😌 😎 🤓 🥳 😕 😟 🙁 😮 😳 🥺 😢 😭 😱 😤 😡 🤯 🥵 🥶 😷 🤒 🤕 😈 💀 🤡',
  ),
  hands: split('👍 👎 👌 ✌️ 🤞 🤝 🙏 👏 🙌 💪 👋 🫶 🤙 👉 👀 ❤️ 🧡 💛 💚 💙 💜 🖤 💔 💯 🔥 ✨ ⭐ 🎉 🎊 💤'),
  life: split(
    '☕ 🍵 🍜 🍚 🥢 🍎 🍻 🍷 🎂 🍕 🐶 🐱 🌹 🌻 🌧️ ☀️ 🌙 🌊 🚀 🚗 ✈️ 🏠 💻 📱 📷 📚 ✏️ 📌 ⏰ 💡 🎵 ⚽ 🏆 🎁 💰 ✅ ❌ ❓ ❗ 🇻🇳',
  ),
};

/** How many chosen ones are remembered. */
const RECENT = 24;

/** The emoji chosen lately, the latest first, after one more was chosen. */
export function withRecent(recent: readonly string[], chosen: string): readonly string[] {
  return [chosen, ...recent.filter((emoji) => emoji !== chosen)].slice(0, RECENT);
}
