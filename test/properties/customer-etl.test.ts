import { exploreBothModes } from "./explore.ts";

exploreBothModes("customer-etl", 1_900);
