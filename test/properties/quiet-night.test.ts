import { exploreBothModes } from "./explore.ts";

exploreBothModes("quiet-night", 1_400);
