-- Asks distinct questions: every connection walks the list from its own place, and numbers each question.
local thread = 0
function setup(t)
  thread = thread + 1
  t:set("id", thread)
end

local questions, asked, pause = {}, 0, 0
function init(arguments)
  for line in io.lines(arguments[1]) do questions[#questions + 1] = line end
  pause = tonumber(arguments[2] or 0)
  if pause == 0 then delay = nil end
end

function delay() return math.random(0, 2 * pause) end

function request()
  asked = asked + 1
  local question = questions[(asked * 7 + id * 131) % #questions + 1]
  local body = string.format('{"question": "%s %d-%d"}', question, id, asked)
  return wrk.format("POST", "/v1/antwoorden", {["Content-Type"] = "application/json"}, body)
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format('FIGURES {"seconds": %.3f, "requests": %d, "not_2xx": %d, "broken": %d, "p50": %.1f, "p99": %.1f}',
    summary.duration / 1e6, summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
