import { exploreBothModes } from "./explore.ts";

exploreBothModes("checkout-memory", 1_900);
