-- The track of an order, whose target runs while its case is mediated; none on orders of earlier releases.
ALTER TABLE orders ADD COLUMN track text;
