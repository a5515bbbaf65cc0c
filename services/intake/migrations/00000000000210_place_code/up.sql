-- Where the dispute code 解纷码 hung that was read (IN-11).
ALTER TABLE matters ADD COLUMN place_code text;
CREATE INDEX matters_place_code ON matters (place_code) WHERE place_code IS NOT NULL;
