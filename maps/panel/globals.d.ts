// What the page finds around it: Leaflet and fflate, vendored, and what the tests read.
declare const L: any;
interface Window { livingcircle: any }
