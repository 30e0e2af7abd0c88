/* The colours of what is drawn on the map, in light and in dark. */

export const THEMES = {
  light: { paper: "#ffffff", ink: "#1d2730", halo: "rgba(255,255,255,.85)", border: "#ffffff",
    township: "#37444f", street: "#2b3640", water: "#3b8ec8" },
  dark: { paper: "#11181e", ink: "#f2f5f7", halo: "rgba(12,18,23,.85)", border: "#1a232b",
    township: "#0a0f13", street: "#05080a", water: "#4f9fd6" },
};
