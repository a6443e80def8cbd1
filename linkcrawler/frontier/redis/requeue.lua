-- Give URLs that were given up another chance. KEYS[3]: the crawl's prefix. ARGV: how many. Answers how many it were.
local number = 0
for _ = 1, tonumber(ARGV[1]) do
  local record = redis.call('RPOP', DEAD)
  if not record then break end
  local host, item = unpack(cmsgpack.unpack(record))
  local sequence = redis.call('HINCRBY', META, 'sequence', 1)
  queue(host, item_with(item, 1, 0), sequence)
  line_up(host)
  tally('dead', -1)
  number = number + 1
end
if number > 0 then redis.call('HSET', KEYS[3] .. 'crawl', 'state', 'running') end
return number
