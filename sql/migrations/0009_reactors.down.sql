DROP TABLE IF EXISTS ovation.reactor_samples;
