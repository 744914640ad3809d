/** The emoji that people use most: what there is to choose from until all of them are there. */
export const EMOJI: readonly string[] = (
  '😀 😄 😁 😆 😅 😂 🤣 😊 😇 🙂 🙃 😉 😍 🥰 😘 😋 😜 🤪 🤗 🤭 🤔 🤨 😐 🙄 😏 😴 😌 😎 🤓 🥳 😕 😟 🙁 😮 😳 🥺 😢 😭 😱 😤 ' +
  '👍 👎 👌 ✌️ 🤞 🤝 🙏 👏 🙌 💪 👋 🫶 👀 ❤️ 🧡 💛 💚 💙 💜 💔 💯 🔥 ✨ ⭐ 🎉 ☕ 🍵 🍜 🍚 🍎 🍻 🎂 🐶 🐱 🌹 🌻 ☀️ 🌙 🚀 🏠 ' +
  '📷 📌 ⏰ 💡 🎵 ⚽ 🏆 🎁 ✅ ❌ ❓ ❗ 🇻🇳'
).split(' ');

/** What is offered first as a reaction. */
export const REACTIONS: readonly string[] = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

/** How many chosen ones are remembered. */
const RECENT = 24;

/** The emoji chosen lately, the latest first, after one more was chosen. */
export function withRecent(recent: readonly string[], chosen: string): readonly string[] {
  return [chosen, ...recent.filter((emoji) => emoji !== chosen)].slice(0, RECENT);
}
