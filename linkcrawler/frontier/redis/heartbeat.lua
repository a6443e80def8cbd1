-- Renew leases and the gates of their hosts. ARGV: lease length in ms, tokens. Answers the tokens that were lost.
local length, lost = tonumber(ARGV[1]), {}
for i = 2, #ARGV do
  local token = ARGV[i]
  local record = redis.call('HGET', LEASES, token)
  if record then
    redis.call('ZADD', EXPIRY, now + length, token)
    close_gate(cmsgpack.unpack(record)[1], length, token)
  else
    lost[#lost + 1] = token
  end
end
return lost
